// Prints what each built file weighs as it is sent, and fails above the limit.
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const LIMIT = 150_000;
const dist = new URL('../dist/', import.meta.url);

let total = 0;
for (const name of readdirSync(dist, { recursive: true }).sort()) {
  if (!/\.(js|css|html|svg)$/.test(name)) continue;
  const bytes = readFileSync(new URL(name, dist));
  const sent = gzipSync(bytes, { level: 9 }).length;
  total += sent;
  console.log(`${String(bytes.length).padStart(8)} ${String(sent).padStart(8)}  ${name}`);
}
console.log(`${' '.repeat(9)}${String(total).padStart(8)}  in all, of ${LIMIT}`);
if (total > LIMIT) process.exitCode = 1;
