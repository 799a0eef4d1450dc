// The console and pages of other origins, in a real browser on a stack that is up. Started by
// `cargo xtask test`; the variables say where everything is.

import { run } from './harness.mjs';
import { Stage } from './stage.mjs';
import { open } from './other-origins.mjs';

import './sessions.mjs';
import './imports.mjs';
import './dates.mjs';
import './datasets.mjs';
import './data.mjs';
import './account.mjs';
import './slow.mjs';
import './last.mjs';

const variable = (name) => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
};

const others = await open();
const stage = await Stage.open({
  api: variable('API_URL'),
  chromium: variable('COLLECT_CHROMIUM'),
  pictures: variable('COLLECT_PICTURES'),
  names: others.names,
});
stage.sales = variable('COLLECT_SALES');
stage.teams = variable('COLLECT_TEAMS');
const failed = await run(stage);
await stage.close();
others.close();
process.exitCode = failed ? 1 : 0;
