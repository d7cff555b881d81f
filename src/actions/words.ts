/**
 * The words of a command as a shell reads them, quotes and backslashes taken for what they say. Nothing is replaced and
 * nothing is piped: that takes a shell, `sh -c '…'`. null: a quote is not closed.
 */
export function wordsOf(command: string): string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  let quote = '';
  for (let at = 0; at < command.length; at++) {
    const character = command.charAt(at);
    if (quote !== '') {
      if (character === quote) quote = '';
      else if (character === '\\' && quote === '"' && /["\\]/.test(command.charAt(at + 1))) {
        word = (word ?? '') + command.charAt(++at);
      } else word = (word ?? '') + character;
    } else if (/\s/.test(character)) {
      if (word !== null) words.push(word);
      word = null;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (character === '\\') word = (word ?? '') + command.charAt(++at);
    else word = (word ?? '') + character;
  }
  if (quote !== '') return null;
  return word === null ? words : [...words, word];
}
