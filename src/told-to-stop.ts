/**
 * Resolves with the first signal that asks the process to stop (Ctrl-C, or a supervisor's). After that a second one ends
 * it at once.
 */
export function toldToStop(): Promise<NodeJS.Signals> {
  const signals = ["SIGINT", "SIGTERM"] as const;
  return new Promise((resolve) => {
    const listener = (signal: NodeJS.Signals): void => {
      for (const each of signals) process.off(each, listener);
      resolve(signal);
    };
    for (const signal of signals) process.on(signal, listener);
  });
}
