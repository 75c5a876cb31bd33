/** The help of a command as text. */
export interface HelpText {
  /** As it is on 80 columns. */
  readonly usual: string;
  /** As it is where no line has to be broken: on this many `columns` or more. */
  readonly unbroken: string;
  readonly columns: number;
}

/**
 * The help of every command by the words of the command; `""` is the program itself. Empty from
 * source, where the command line writes its help itself; scripts/bundle.ts puts the texts here, so
 * this module must be imported by name and at run time only.
 */
export const helpTexts: Readonly<Record<string, HelpText>> = {};
