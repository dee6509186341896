package dev.redrive.alert;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what a person gives as the address of an endpoint; strict, because two readings of one text are a hole. */
final class AddressReader {

    private static final URI PAGERDUTY = URI.create("https://events.pagerduty.com");
    private static final Pattern NAME = Pattern.compile("[a-z0-9_]([a-z0-9_.-]{0,251}[a-z0-9_])?");
    private static final Pattern IPV4 = Pattern.compile("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}");
    private static final Pattern IPV6 = Pattern.compile("\\[[0-9a-f:.]+]");
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_-]{8,64}");
    private static final Pattern MAILBOX =
            Pattern.compile("[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9]([A-Za-z0-9.-]{0,250}[A-Za-z0-9])?");
    private static final int MOST_MAILBOXES = 20;

    private AddressReader() {}

    /** @throws RefusedAddressException with a sentence that does not hold the address */
    static Address read(EndpointKind kind, String text) {
        return switch (kind) {
            case WEBHOOK, SLACK, TEAMS -> new Address.Http(http(text), HttpMethod.POST, null);
            case ALERTMANAGER -> new Address.Http(below(http(text), "/api/v2/alerts"), HttpMethod.POST, null);
            case PAGERDUTY -> pagerDuty(text);
            case HEARTBEAT -> heartbeat(text);
            case MAIL -> mail(text);
        };
    }

    private static Address pagerDuty(String text) {
        var parts = text.startsWith("pagerduty:")
                ? text.substring("pagerduty:".length()).split("@", 2)
                : new String[0];
        if (parts.length == 0 || !KEY.matcher(parts[0]).matches()) {
            throw new RefusedAddressException(
                    "Write pagerduty: and the routing key of an Events API v2 integration, "
                            + "such as pagerduty:R0…, and @https://events.eu.pagerduty.com behind it where it is another region");
        }
        var base = parts.length == 1 ? PAGERDUTY : http(parts[1]);
        return new Address.Http(below(base, "/v2/enqueue"), HttpMethod.POST, parts[0]);
    }

    private static Address heartbeat(String text) {
        boolean post = text.startsWith("POST ");
        var address = http(post || text.startsWith("GET ") ? text.substring(text.indexOf(' ') + 1) : text);
        return new Address.Http(address, post ? HttpMethod.POST : HttpMethod.GET, null);
    }

    private static URI below(URI base, String path) {
        var text = base.toString().replaceAll("/+$", "");
        return URI.create(text.endsWith(path) ? text : text + path);
    }

    private static URI http(String text) {
        var uri = uri(text);
        if (!List.of("http", "https").contains(uri.getScheme())) {
            throw new RefusedAddressException("The address must begin with https://");
        }
        if (uri.getRawUserInfo() != null) {
            throw new RefusedAddressException("The address must not hold a user or a password");
        }
        return uri;
    }

    /** With scheme and host in lower case, and a host that means the same to every reader. */
    private static URI uri(String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException unreadable) {
            throw new RefusedAddressException("The address is not a URL; it may hold ASCII alone");
        }
        if (uri.getScheme() == null || uri.getHost() == null || uri.getRawFragment() != null || !isAscii(text)) {
            throw new RefusedAddressException("The address must be scheme://host/…, in ASCII and without a fragment");
        }
        var host = uri.getHost().toLowerCase(Locale.ROOT);
        checkHost(host);
        if (uri.getPort() == 0 || uri.getPort() > 65_535) {
            throw new RefusedAddressException("The address names no port that exists");
        }
        var userInfo = uri.getRawUserInfo() == null ? "" : uri.getRawUserInfo() + "@";
        var port = uri.getPort() == -1 ? "" : ":" + uri.getPort();
        var query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return URI.create(
                uri.getScheme().toLowerCase(Locale.ROOT) + "://" + userInfo + host + port + uri.getRawPath() + query);
    }

    /** 2130706433, 0x7f.1 and 0177.0.0.1 are 127.0.0.1 to some and a name to others. */
    private static void checkHost(String host) {
        var last = host.substring(host.lastIndexOf('.') + 1);
        boolean number = last.matches("[0-9]+|0x[0-9a-f]*");
        boolean understood = host.startsWith("[")
                ? IPV6.matcher(host).matches()
                : number ? IPV4.matcher(host).matches() : NAME.matcher(host).matches() && !host.contains("..");
        if (!understood) {
            throw new RefusedAddressException("The host must be a name, four decimal numbers or [an IPv6 address]");
        }
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c > ' ' && c < 127);
    }

    private static Address mail(String text) {
        var uri = uri(text);
        if (!List.of("smtp", "smtps").contains(uri.getScheme())) {
            throw new RefusedAddressException("The address must begin with smtps:// or smtp://");
        }
        var query = query(uri.getRawQuery());
        boolean plain = "none".equals(query.get("tls"));
        boolean tls = uri.getScheme().equals("smtps");
        if (query.containsKey("tls") && (!plain || tls)) {
            throw new RefusedAddressException("tls=none behind smtp:// is the only way to write tls");
        }
        var login = uri.getRawUserInfo() == null
                ? new String[0]
                : uri.getRawUserInfo().split(":", 2);
        if (login.length == 1) {
            throw new RefusedAddressException("A user needs a password: smtp://user:password@host");
        }
        var to = Arrays.stream(query.getOrDefault("to", "").split(","))
                .map(AddressReader::mailbox)
                .toList();
        if (to.size() > MOST_MAILBOXES) {
            throw new RefusedAddressException("A mail goes to at most " + MOST_MAILBOXES + " addresses");
        }
        int port = uri.getPort() == -1 ? (tls ? 465 : 587) : uri.getPort();
        var host = uri.getHost().startsWith("[")
                ? uri.getHost().substring(1, uri.getHost().length() - 1)
                : uri.getHost();
        return new Address.Mail(
                host,
                port,
                tls,
                plain,
                login.length == 0 ? null : decoded(login[0]),
                login.length == 0 ? null : decoded(login[1]),
                mailbox(query.getOrDefault("from", "")),
                to);
    }

    private static String mailbox(String text) {
        if (!MAILBOX.matcher(text).matches()) {
            throw new RefusedAddressException("Behind the host write ?to=a@example.com&from=redrive@example.com; "
                    + "more receivers are separated by commas");
        }
        return text;
    }

    private static Map<String, String> query(@Nullable String raw) {
        var values = new HashMap<String, String>();
        for (var part : raw == null ? new String[0] : raw.split("&")) {
            var pair = part.split("=", 2);
            if (pair.length != 2
                    || !List.of("to", "from", "tls").contains(pair[0])
                    || values.put(pair[0], decoded(pair[1])) != null) {
                throw new RefusedAddressException("Behind the ? are to, from and tls, each once");
            }
        }
        return values;
    }

    /** A plus stays a plus, as in a+b@example.com. */
    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), UTF_8);
        } catch (IllegalArgumentException cut) {
            throw new RefusedAddressException("A % in the address must be followed by two hexadecimal digits");
        }
    }
}
