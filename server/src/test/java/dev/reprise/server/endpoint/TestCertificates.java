package dev.reprise.server.endpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;

/** A certificate of its own for a server at 127.0.0.1, made with the JDK's keytool. */
public final class TestCertificates {
  public static final String PASSWORD = "changeit";

  private final Path store;
  private final Path pem;

  private TestCertificates(Path store, Path pem) {
    this.store = store;
    this.pem = pem;
  }

  /**
   * Makes one.
   *
   * @param names as in a certificate, such as {@code ip:127.0.0.1}
   */
  public static TestCertificates make(Path directory, String names)
      throws IOException, InterruptedException {
    Path store = directory.resolve("server.p12");
    Path pem = directory.resolve("server.pem");
    keytool(
        "-genkeypair -alias server -keyalg EC -groupname secp256r1 -dname CN=endpoint -ext",
        "san=" + names,
        "-validity 2 -storetype PKCS12 -storepass " + PASSWORD + " -keystore",
        store.toString());
    keytool(
        "-exportcert -rfc -alias server -storepass " + PASSWORD + " -keystore",
        store.toString(),
        "-file",
        pem.toString());
    return new TestCertificates(store, pem);
  }

  /** Words between spaces; every second argument is one word. */
  private static void keytool(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    for (int i = 0; i < arguments.length; i++) {
      command.addAll(i % 2 == 0 ? List.of(arguments[i].split(" ", -1)) : List.of(arguments[i]));
    }
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output;
    try (InputStream said = process.getInputStream()) {
      output = new String(said.readAllBytes(), StandardCharsets.UTF_8);
    }
    if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new AssertionError("Expected keytool to make a certificate, but: " + output);
    }
  }

  /** Key and certificate, as PKCS 12. */
  public Path store() {
    return store;
  }

  /** The certificate alone, for whoever is to trust it. */
  public Path pem() {
    return pem;
  }

  /** The private key alone, as PKCS 8 in PEM; written beside the others. */
  public Path key() throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    byte[] key = keys.getKey("server", PASSWORD.toCharArray()).getEncoded();
    return Files.writeString(
        store.resolveSibling("key.pem"),
        "-----BEGIN PRIVATE KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(key)
            + "\n-----END PRIVATE KEY-----\n");
  }

  KeyManagerFactory keys() throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keys, PASSWORD.toCharArray());
    return factory;
  }
}
