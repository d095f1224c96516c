/**
 * The error a promise is rejected with.
 *
 * @throws when it is fulfilled, or rejected with something that is no error
 */
export async function rejection(promise: Promise<unknown>): Promise<Error> {
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    if (error instanceof Error) return error;
    throw new TypeError("Rejected with something that is no error.", { cause: error });
  }
  throw new Error(`Expected a rejection, got ${JSON.stringify(value)}.`);
}
