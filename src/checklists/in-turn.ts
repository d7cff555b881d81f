/** Does the same to each, so many at once. The answers stand in the order of what was asked for. */
export async function inTurn<T, R>(all: readonly T[], atOnce: number, one: (each: T) => Promise<R>): Promise<R[]> {
  const answers: R[] = new Array(all.length);
  const waiting = all.entries();
  const work = async () => {
    for (const [index, each] of waiting) answers[index] = await one(each);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return answers;
}
