/** A question that is not answered within this time gets no answer. */
export const ANSWER_MS = 4_000;

const SILENT = {
  connect: 'no answer to the connection attempt',
  login: 'it accepts the connection and says nothing',
  question: `no answer for ${ANSWER_MS / 1000} s`,
  end: 'the connection broke off',
};

/** No answer in time, or no more of them. The step tells whose silence it can be: that of a way which leads through other systems. */
export class Silence extends Error {
  override name = 'Silence';
  readonly step: keyof typeof SILENT;

  constructor(step: keyof typeof SILENT) {
    super(SILENT[step]);
    this.step = step;
  }
}
