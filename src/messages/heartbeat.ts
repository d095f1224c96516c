/**
 * Does work while giving signs of life, so that a lease may be short and the work still long. One sign is given at a time,
 * and none after the work has ended.
 *
 * @param every milliseconds from one sign to the next
 * @param beat gives a sign; what it throws is nobody's business: who lost a lease learns so when it writes
 * @returns what `work` returned
 */
export async function withHeartbeat<T>(
  every: number,
  beat: () => Promise<unknown>,
  work: () => Promise<T>,
): Promise<T> {
  let isBeating = false;
  let last = Promise.resolve();
  const give = async () => {
    try {
      await beat();
    } catch {
      // The next sign may come through.
    }
    isBeating = false;
  };
  const timer = setInterval(() => {
    if (isBeating) return;
    isBeating = true;
    last = give();
  }, every);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    await last;
  }
}
