package dev.reprise.sdk.http;

/** What a request's method and path ask for; whatever stands before is the server's business. */
sealed interface Route {
  record Health() implements Route {}

  record Discover() implements Route {}

  record Invoke(String service, String handler) implements Route {}

  record Unknown(String request) implements Route {
    String message() {
      return "Expected /discover, /health or /invoke/{service}/{handler}, but got " + request;
    }
  }

  static Route of(String method, String uri) {
    String path = uri.split("\\?", 2)[0];
    String[] parts = path.split("/", -1);
    int count = parts.length;
    String last = parts[count - 1];
    boolean get = method.equals("GET");
    if (get && last.equals("health")) {
      return new Health();
    }
    if (get && last.equals("discover")) {
      return new Discover();
    }
    if (method.equals("POST") && count >= 3 && parts[count - 3].equals("invoke")) {
      return new Invoke(parts[count - 2], last);
    }
    return new Unknown(method + " " + path);
  }

  /** The path without what stands before: what a server signs. */
  default String signedPath() {
    return switch (this) {
      case Health health -> "/health";
      case Discover discover -> "/discover";
      case Invoke invoke -> "/invoke/" + invoke.service() + "/" + invoke.handler();
      case Unknown unknown -> "";
    };
  }
}
