/** A start that cannot go on, with what the person at the keyboard can do about it. */
export class BootstrapError extends Error {
  /**
   * @param {string} message what went wrong
   * @param {string} fix what to do, in a sentence
   */
  constructor(message, fix) {
    super(message);
    this.name = 'BootstrapError';
    this.fix = fix;
  }
}
