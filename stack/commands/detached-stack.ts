import { messageOf } from '../../platform/errors.ts';
import { runStackUp, type StackUpOptions } from './stack-up.ts';

// The process behind startDetachedStack. Its only argument is the options as JSON; its output is the stack's log.
const options = JSON.parse(process.argv[2] ?? '{}') as StackUpOptions;
try {
  await runStackUp({ ...options, log: console.log }, () => console.log('ready'));
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}
