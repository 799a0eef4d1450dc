// Runs tests one after the other and tells of them in the lines of `cargo test`, whose counts are
// added to the one summary.

const tests = [];

/** A test by its name. */
export function test(name, work) {
  tests.push({ name, work });
}

/** Runs all of them; gives how many failed. */
export async function run(stage) {
  let failed = 0;
  console.log(`\nrunning ${tests.length} tests in a browser`);
  const began = performance.now();
  for (const { name, work } of tests) {
    const started = performance.now();
    const complaint = await outcome(stage, name, work);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`test browser::${name} ... ${complaint ? 'FAILED' : 'ok'} (${seconds} s)`);
    if (complaint) {
      failed += 1;
      console.log(complaint);
    }
  }
  const seconds = ((performance.now() - began) / 1000).toFixed(2);
  const result = failed ? 'FAILED' : 'ok';
  console.log(`\ntest result: ${result}. ${tests.length - failed} passed; ${failed} failed; finished in ${seconds}s`);
  return failed;
}

/** What is wrong; nothing if nothing is. */
async function outcome(stage, name, work) {
  stage.complaints.length = 0;
  try {
    await work(stage);
    return stage.complaints.join('\n');
  } catch (thrown) {
    await stage.leave(name).catch(() => {});
    return [...stage.complaints, thrown.stack ?? String(thrown)].join('\n');
  }
}
