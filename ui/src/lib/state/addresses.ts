// Recognising addresses of web pages in what the reader typed, pasted or dropped.

/** The address if the text is nothing else; without a scheme, a host with a known form is enough. */
export function webAddress(text: string): string | null {
  const typed = text.trim();
  if (typed === '' || /\s/.test(typed) || typed.length > 4000) return null;
  if (/^https?:\/\//i.test(typed)) return URL.canParse(typed) ? typed : null;
  const host = /^(?:[\p{L}\p{N}-]+\.)+\p{L}{2,}(?::\d+)?(?:[/?#].*)?$/u;
  return host.test(typed) ? `https://${typed}` : null;
}

/** The address in what is pasted or dropped: the first line of a list of addresses, or the text. */
export function addressIn(data: DataTransfer | null): string | null {
  if (!data) return null;
  const list = data.getData('text/uri-list').split(/\r?\n/);
  const first = list.find((line) => line !== '' && !line.startsWith('#'));
  return webAddress(first ?? data.getData('text/plain'));
}
