package dev.reprise.chaos.link;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Finds out which process of this machine has opened a connection. Linux only. */
final class SocketOwner {
  private static final List<Path> TABLES =
      List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
  private static final int LOCAL = 1;
  private static final int REMOTE = 2;
  private static final int INODE = 9;

  private SocketOwner() {}

  static boolean canTell() {
    return Files.isReadable(TABLES.getFirst());
  }

  /**
   * The place of the owner among these processes; -1 when it is none of them.
   *
   * @param from the port of the side that opened the connection
   * @param to the port that it went to
   */
  static int of(int from, int to, List<Long> pids) throws IOException {
    for (Path table : TABLES) {
      for (String line : Files.isReadable(table) ? Files.readAllLines(table) : List.<String>of()) {
        String[] words = line.trim().split("\\s+", -1);
        if (words.length > INODE && ends(words[LOCAL], from) && ends(words[REMOTE], to)) {
          return owner("socket:[" + words[INODE] + "]", pids);
        }
      }
    }
    return -1;
  }

  private static boolean ends(String address, int port) {
    return address.endsWith(String.format(Locale.ROOT, ":%04X", port));
  }

  private static int owner(String socket, List<Long> pids) throws IOException {
    for (int i = 0; i < pids.size(); i++) {
      Path files = Path.of("/proc", pids.get(i).toString(), "fd");
      if (!Files.isDirectory(files)) {
        continue;
      }
      try (DirectoryStream<Path> open = Files.newDirectoryStream(files)) {
        for (Path file : open) {
          if (isLinkTo(file, socket)) {
            return i;
          }
        }
      } catch (IOException e) {
        // It has just died.
      }
    }
    return -1;
  }

  private static boolean isLinkTo(Path file, String socket) {
    try {
      return Files.readSymbolicLink(file).toString().equals(socket);
    } catch (IOException closedMeanwhile) {
      return false;
    }
  }
}
