/** Text in which getfattr and the kernel wrote single bytes as `\012` (of ASCII only). */
export function withoutOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
