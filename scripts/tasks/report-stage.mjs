const spinnerFrames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** A failed stage: `remedy` is one sentence that says what to do. */
export class StageError extends Error {
  /** @param {string} title @param {string} output @param {string} remedy */
  constructor(title, output, remedy) {
    super(`${title} failed.`);
    this.output = output;
    this.remedy = remedy;
  }
}

/** @param {number} startedMs */
const elapsed = (startedMs) => `${((performance.now() - startedMs) / 1000).toFixed(1)} s`;

/**
 * Runs `work` and shows one line for it: with a spinner and running seconds on a terminal, plain lines elsewhere.
 * @template Result
 * @param {string} title what is being done, for example "Installing packages"
 * @param {() => Promise<Result>} work
 * @param {NodeJS.WriteStream} [stream]
 * @returns {Promise<Result>}
 */
export async function reportStage(title, work, stream = process.stdout) {
  const startedMs = performance.now();
  const isLive = stream.isTTY === true && process.env.CI === undefined;
  const label = title.padEnd(28);
  let frame = 0;
  const draw = () => {
    frame += 1;
    stream.write(`\r\x1b[2K  ${spinnerFrames[frame % spinnerFrames.length]} ${label} ${elapsed(startedMs)}`);
  };
  const timer = isLive ? setInterval(draw, 100) : undefined;
  if (!isLive) stream.write(`  › ${title} …\n`);
  const end = (/** @type {string} */ mark) => {
    clearInterval(timer);
    stream.write(`${isLive ? '\r\x1b[2K' : ''}  ${mark} ${label} ${elapsed(startedMs)}\n`);
  };
  try {
    const result = await work();
    end('✔');
    return result;
  } catch (error) {
    end('✘');
    throw error;
  }
}
