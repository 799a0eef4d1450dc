// The beginning of a file, to choose its dataset by and to show some of its cells. What a file
// says is decided by the API alone; this is only good enough to look at.

const LOOKED_AT = 256 * 1024;

/** As much of a file as may be sent as a sample, whole lines of it where that is seen. */
export async function sampleOf(file: File): Promise<File> {
  if (file.size <= LOOKED_AT) return file;
  const bytes = new Uint8Array(await file.slice(0, LOOKED_AT).arrayBuffer());
  const end = bytes.lastIndexOf(10);
  return new File([bytes.subarray(0, end < 1 ? bytes.length : end + 1)], file.name, { type: 'text/csv' });
}

/** Packed files are unpacked by the API after the upload; a browser sees nothing in them. */
export async function isText(file: File): Promise<boolean> {
  const head = new Uint8Array(await file.slice(0, 4).arrayBuffer());
  const packed = (head[0] === 0x1f && head[1] === 0x8b) || (head[0] === 0x50 && head[1] === 0x4b) || (head[0] === 0x28 && head[1] === 0xb5);
  return head.length > 0 && !packed;
}

export async function recordsOf(file: File, most = 12): Promise<string[][]> {
  const text = (await file.slice(0, LOOKED_AT).text()).replace(/^\uFEFF/, '');
  return split(text, delimiterOf(text), most);
}

function delimiterOf(text: string): string {
  const line = text.split('\n', 1)[0] ?? '';
  const count = (it: string) => line.split(it).length;
  return [',', ';', '\t', '|'].reduce((best, it) => (count(it) > count(best) ? it : best));
}

function split(text: string, delimiter: string, most: number): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < text.length && records.length < most; at++) {
    const c = text[at];
    if (c === '"') {
      if (quoted && text[at + 1] === '"') cell += text[at++];
      else quoted = !quoted;
    } else if (c === delimiter && !quoted) {
      record.push(cell);
      cell = '';
    } else if (c === '\n' && !quoted) {
      records.push([...record, cell.replace(/\r$/, '')]);
      record = [];
      cell = '';
    } else cell += c;
  }
  if (cell || record.length) records.push([...record, cell]);
  return records.slice(0, most);
}

/** Headings are compared as the API does: by their letters and digits. */
export const bare = (heading: string) => heading.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
