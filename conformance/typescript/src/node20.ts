// SDK 1.17 calls Promise.withResolvers, which Node has only from version 22 on. Import this first.
Promise.withResolvers ??= function <T>() {
  let resolve!: PromiseWithResolvers<T>["resolve"], reject!: PromiseWithResolvers<T>["reject"];
  return { promise: new Promise<T>((ok, no) => ([resolve, reject] = [ok, no])), resolve, reject };
};
