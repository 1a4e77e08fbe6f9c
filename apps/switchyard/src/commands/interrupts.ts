/** Where the wish of a person to stop comes from. */
export interface Interrupts {
  /** Calls back at each Ctrl-C until the returned function is called. */
  listen(callback: () => void): () => void;
}

/** Those of this process: Ctrl-C, and the polite signal that process managers send. */
export const processInterrupts: Interrupts = {
  listen(callback) {
    const onSignal = () => callback();
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
    return () => {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    };
  },
};
