package dev.reprise.chaos.history;

/** What a client knows of an act. */
public enum Fate {
  /** It was answered: it took effect between its begin and its end. */
  DONE,
  /** It certainly has had no effect, and will have none. */
  NOT_DONE,
  /** Nobody said: it took effect, or takes effect at any later time, or never. */
  UNKNOWN
}
