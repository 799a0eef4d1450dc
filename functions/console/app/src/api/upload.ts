// Sends a file straight to S3, to the URL that the API has signed. XMLHttpRequest, because fetch
// does not tell how much has been sent.

import type { Upload } from './client';
import { Refusal } from './refusal';

/** Headers that the browser sets by itself, and refuses from a script. */
const OF_THE_BROWSER = new Set(['content-length', 'host']);

export function put(file: Blob, to: Upload, sent: (bytes: number) => void, stop: AbortSignal): Promise<void> {
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    request.open(to.method, to.url);
    for (const [name, value] of Object.entries(to.headers)) {
      if (!OF_THE_BROWSER.has(name.toLowerCase())) request.setRequestHeader(name, String(value));
    }
    request.upload.onprogress = (event) => sent(event.loaded);
    request.onload = () => {
      // 412: the object is there already, so an earlier try arrived although its answer was lost.
      if (request.status < 300 || request.status === 412) done();
      else fail(new Refusal(request.status, `S3 refused the file (${request.status}). Ask for another upload URL and send it again.`));
    };
    request.onerror = () => fail(new Refusal(0, 'The connection broke while the file was being sent. Send it again: the import waits for it.'));
    request.onabort = () => fail(new DOMException('stopped', 'AbortError'));
    stop.addEventListener('abort', () => request.abort(), { once: true });
    request.send(file);
  });
}
