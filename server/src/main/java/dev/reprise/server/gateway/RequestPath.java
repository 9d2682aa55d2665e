package dev.reprise.server.gateway;

import dev.reprise.server.ingress.Refused;
import dev.reprise.server.ingress.Refused.Reason;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Path and query of a request, as far as routing needs them: the path's segments, not decoded.
 *
 * @param target as received
 * @param path without query and trailing slashes
 * @param query as received, empty when there is none
 */
record RequestPath(String target, String path, String query, List<String> segments) {
  private static final int MIN_SLASHES = 2;
  private static final int MAX_SLASHES = 7;

  /** Splits a request target. Throws {@link Refused} unless it has two to seven slashes. */
  static RequestPath of(String requestTarget) {
    String target = originForm(requestTarget);
    int question = target.indexOf('?');
    int end = question < 0 ? target.length() : question;
    String query = question < 0 ? "" : target.substring(question + 1);
    while (end > 0 && target.charAt(end - 1) == '/') {
      end--;
    }
    int start = 0;
    while (start + 1 < end && target.charAt(start) == '/' && target.charAt(start + 1) == '/') {
      start++;
    }
    String path = target.substring(start, end);
    if (path.isEmpty() || path.charAt(0) != '/') {
      throw HttpRefusals.badPath(path.isEmpty() ? "/" : path);
    }
    String[] segments = new String[MAX_SLASHES];
    int count = 0;
    int from = 1;
    while (true) {
      if (count == MAX_SLASHES) {
        throw HttpRefusals.badPath(path);
      }
      int slash = path.indexOf('/', from);
      segments[count++] = slash < 0 ? path.substring(from) : path.substring(from, slash);
      if (slash < 0) {
        break;
      }
      from = slash + 1;
    }
    if (count < MIN_SLASHES) {
      throw HttpRefusals.badPath(path);
    }
    return new RequestPath(target, path, query, Arrays.asList(segments).subList(0, count));
  }

  int count() {
    return segments.size();
  }

  String segment(int index) {
    return segments.get(index);
  }

  /** A segment that is a key, decoded. */
  String key(int index) {
    String decoded = Percent.decodeSegment(segments.get(index));
    if (decoded == null) {
      throw HttpRefusals.badPath(path + " (the key is not UTF-8)");
    }
    return decoded;
  }

  /** The value of a query parameter, decoded; null when it is absent. Names ignore case. */
  @Nullable String parameter(String name) {
    int from = 0;
    while (from < query.length()) {
      int end = query.indexOf('&', from);
      if (end < 0) {
        end = query.length();
      }
      int equals = query.indexOf('=', from);
      int nameEnd = equals < 0 || equals > end ? end : equals;
      String found = Percent.decodeForm(query.substring(from, nameEnd));
      if (name.equalsIgnoreCase(found)) {
        String value = nameEnd == end ? "" : query.substring(nameEnd + 1, end);
        String decoded = Percent.decodeForm(value);
        if (decoded == null) {
          throw new Refused(
              Reason.MALFORMED_REQUEST, "Expected UTF-8 in the query parameter " + name);
        }
        return decoded;
      }
      from = end + 1;
    }
    return null;
  }

  /** A client of a proxy sends scheme and authority too. */
  private static String originForm(String target) {
    if (target.startsWith("/") || !target.startsWith("http")) {
      return target;
    }
    int authority = target.indexOf("://");
    if (authority < 0) {
      return target;
    }
    int path = target.indexOf('/', authority + 3);
    return path < 0 ? "/" : target.substring(path);
  }
}
