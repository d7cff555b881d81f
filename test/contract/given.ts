/** What `npm run test:real` was given; a file whose variable is missing is not run at all. */
export function given(variable: string): string {
  const value = process.env[variable];
  if (!value) throw new Error(`${variable} is not given`);
  return value;
}
