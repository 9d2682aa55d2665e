package dev.reprise.chaos.run;

import java.io.IOException;
import java.nio.file.Path;

final class Report {
  private Report() {}

  static void write(Outcome outcome, Path file) throws IOException {}
}
