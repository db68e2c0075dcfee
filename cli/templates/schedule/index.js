// A job that runs now and then. Whatever has a clock calls it, such as cron, every hour:
//   0 * * * * glambdar invoke NAME --method POST --fail
// `maxConcurrency` is 1, so runs never overlap: one that comes too early waits.
exports.handler = async (req, context) => {
  const startedAt = new Date();
  const done = await job(context);
  console.log(`done: ${done} in ${Date.now() - startedAt.getTime()} ms`);
  return { statusCode: 200, body: { startedAt, done } };
};

// What the job does. It may connect to the hosts that `egress` in glambdar.json names. It stops in time by itself, so
// that the next run goes on where this one has stopped.
async function job(context) {
  const items = ['first', 'second', 'third'];
  let done = 0;
  for (const item of items) {
    if (context.getRemainingTimeInMillis() < 10_000) break;
    console.log(`working on ${item}`);
    done += 1;
  }
  return done;
}
