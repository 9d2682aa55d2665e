package dev.reprise.chaos.rig;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An authority, and the certificates that it signs for nodes at 127.0.0.1: with JDK's keytool. */
public final class Certificates {
  private static final String PASSWORD = "changeit";

  private final Path directory;
  private final Path authority;
  private final Path trust;
  private int made;

  /** Makes an authority in this directory. */
  public Certificates(Path directory, String name) {
    this.directory = directory;
    this.authority = directory.resolve(name + ".p12");
    this.trust = directory.resolve(name + ".pem");
    keytool(
        authority,
        "-genkeypair",
        "-alias",
        "ca",
        "-keyalg",
        "EC",
        "-groupname",
        "secp256r1",
        "-dname",
        "CN=" + name,
        "-ext",
        "bc:c",
        "-validity",
        "2");
    keytool(authority, "-exportcert", "-rfc", "-alias", "ca", "-file", trust.toString());
  }

  /** The authority's certificate, as PEM. */
  public Path trust() {
    return trust;
  }

  /** What a node shows: certificate and key, as PEM. */
  public record Pair(Path certificate, Path key) {
    /** Puts what another pair is into these files. */
    public void become(Pair other) {
      try {
        Files.copy(other.certificate(), certificate, StandardCopyOption.REPLACE_EXISTING);
        Files.copy(other.key(), key, StandardCopyOption.REPLACE_EXISTING);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** A new pair, signed by the authority. */
  public Pair pair(String name) {
    String base = name + "-" + ++made;
    Path store = directory.resolve(base + ".p12");
    Path request = directory.resolve(base + ".csr");
    Path certificate = directory.resolve(base + ".pem");
    keytool(
        store,
        "-genkeypair",
        "-alias",
        "node",
        "-keyalg",
        "EC",
        "-groupname",
        "secp256r1",
        "-dname",
        "CN=" + name,
        "-validity",
        "2");
    keytool(store, "-certreq", "-alias", "node", "-file", request.toString());
    keytool(
        authority,
        "-gencert",
        "-rfc",
        "-alias",
        "ca",
        "-ext",
        "san=ip:127.0.0.1",
        "-validity",
        "2",
        "-infile",
        request.toString(),
        "-outfile",
        certificate.toString());
    return new Pair(certificate, key(store, directory.resolve(base + ".key")));
  }

  private static Path key(Path store, Path file) {
    try (InputStream in = Files.newInputStream(store)) {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(in, PASSWORD.toCharArray());
      byte[] key = keys.getKey("node", PASSWORD.toCharArray()).getEncoded();
      return Files.writeString(
          file,
          "-----BEGIN PRIVATE KEY-----\n"
              + Base64.getMimeEncoder().encodeToString(key)
              + "\n-----END PRIVATE KEY-----\n");
    } catch (IOException | GeneralSecurityException e) {
      throw new AssertionError("Expected the key in " + store, e);
    }
  }

  private static void keytool(Path store, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
    command.addAll(List.of("-keystore", store.toString()));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output;
      try (InputStream said = process.getInputStream()) {
        output = new String(said.readAllBytes(), StandardCharsets.UTF_8);
      }
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new AssertionError("Expected keytool to work, but: " + output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted", e);
    }
  }
}
