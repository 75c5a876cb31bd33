/** A worker without permissions, as whoever asked for it holds it. */
export interface WorkerHandle {
  /** Leads to the worker; the only way that anything of it is heard. */
  readonly port: MessagePort;
  /** Resolves when the worker has ended unasked, with a sentence about why. Never rejects. */
  readonly ended: Promise<string>;
  /** Ends the worker and closes the port. Resolves when that is done, or was waited for in vain. */
  end(): Promise<void>;
}

/**
 * Starts workers. A worker gets no permission whatever its kind is; the kind says which of the
 * program's own scripts it runs.
 */
export interface Workers {
  /**
   * @throws {CodedError} `runtime_broken` when there is no such kind, or too many workers live
   */
  start(kind: string): Promise<WorkerHandle>;
}
