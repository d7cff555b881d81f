/**
 * What makes the terminal take a text into its clipboard, also through SSH (OSC 52). tmux takes it with `set-clipboard
 * on`; by default it keeps it from the terminal, and hands over only what is wrapped for it, with `allow-passthrough
 * on`: in tmux both are sent, and whichever is let through says the same.
 */
export function clipboard(text: string, inTmux: boolean): string {
  const plain = `\x1b]52;c;${Buffer.from(text).toString('base64')}\x07`;
  return inTmux ? `${plain}\x1bPtmux;${plain.replaceAll('\x1b', '\x1b\x1b')}\x1b\\` : plain;
}
