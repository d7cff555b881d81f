import { printable } from '../model/printable.ts';

/** A line of text after a key; null when the key does not edit. The end of the line is where typing goes on. */
export function editText(text: string, key: string): string | null {
  switch (key) {
    case 'Backspace':
    case 'Ctrl+h':
      return [...text].slice(0, -1).join('');
    case 'Ctrl+u':
      return '';
    case 'Ctrl+w':
      return text.replace(/\S*\s*$/, '');
    case 'Space':
      return `${text} `;
    default:
      return [...key].length === 1 ? text + printable(key) : null;
  }
}
