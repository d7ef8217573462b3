import { endOnSignals } from './interrupt.ts';

endOnSignals();
// Only now what takes its time to load.
const { runCli } = await import('./run-cli.ts');
process.exitCode = await runCli(process.argv.slice(2));
// Whatever a failure has left open must not keep a finished command.
setTimeout(() => process.exit(), 5_000).unref();
