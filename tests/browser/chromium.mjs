// Chromium as an npm package brings it: unpacked once, with the libraries and the font that it needs
// beside those of a bare Linux.

import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import chromium, { inflate } from '@sparticuz/chromium';
import { chromium as playwright } from 'playwright-core';

const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium');
const packed = join(dirname(entry), '..');
const { version } = JSON.parse(readFileSync(join(packed, 'package.json'), 'utf8'));

const FONTS = (home) => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${home}/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${home}/fonts-cache</cachedir>
  <alias binding="same"><family>system-ui</family><prefer><family>Open Sans</family></prefer></alias>
  <alias binding="same"><family>sans-serif</family><prefer><family>Open Sans</family></prefer></alias>
  <alias binding="same"><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>
</fontconfig>
`;

/** Where it is unpacked. Nothing has this name before all of it is there. */
async function unpacked(folder) {
  const home = join(folder, version);
  if (existsSync(home)) return home;
  const part = `${home}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true });
  // The package unpacks into the folder for temporary files, and into no other.
  const before = process.env.TMPDIR;
  process.env.TMPDIR = part;
  await chromium.executablePath();
  await inflate(join(packed, 'bin', 'al2023.tar.br'));
  if (before === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = before;
  writeFileSync(join(part, 'fonts.conf'), FONTS(home));
  renameSync(part, home);
  return home;
}

/** Starts it. `names` are hosts that lead to ports of this machine. */
export async function launch(folder, names = {}) {
  const home = await unpacked(folder);
  const rules = Object.entries(names).map(([name, port]) => `MAP ${name} 127.0.0.1:${port}`);
  return playwright.launch({
    executablePath: join(home, 'chromium'),
    args: [
      // It has no helper that root owns, and root itself may not use another sandbox.
      '--no-sandbox',
      '--disable-background-networking',
      '--font-render-hinting=none',
      ...(rules.length ? [`--host-resolver-rules=${rules.join(', ')}`] : []),
    ],
    env: {
      ...process.env,
      LANG: 'en_US.UTF-8',
      LD_LIBRARY_PATH: join(home, 'al2023', 'lib'),
      FONTCONFIG_FILE: join(home, 'fonts.conf'),
    },
  });
}
