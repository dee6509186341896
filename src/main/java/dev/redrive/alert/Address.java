package dev.redrive.alert;

import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where an endpoint is, read once. It may be a credential, so nothing but {@link #hint} is ever shown. */
sealed interface Address {

    /** In lower case; a literal IPv6 address without brackets. */
    String host();

    int port();

    /** What may be shown: enough to tell two endpoints apart, not enough to use one. */
    String hint();

    /** Whether the connection is encrypted and the other side proves its name before anything is said. */
    boolean encrypted();

    /** Ports that need no leave of whoever runs the process. */
    boolean isUsualPort();

    /**
     * @param key the routing key of PagerDuty, null for the others
     * @param method GET or POST
     */
    record Http(URI uri, HttpMethod method, @Nullable String key) implements Address {

        @Override
        public String host() {
            var host = uri.getHost();
            return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        }

        @Override
        public int port() {
            return uri.getPort() == -1 ? (encrypted() ? 443 : 80) : uri.getPort();
        }

        @Override
        public String hint() {
            var port = uri.getPort() == -1 ? "" : ":" + uri.getPort();
            return uri.getScheme() + "://" + uri.getHost() + port + "/…";
        }

        @Override
        public boolean encrypted() {
            return uri.getScheme().equals("https");
        }

        @Override
        public boolean isUsualPort() {
            return port() == 443 || port() == 8443;
        }

        @Override
        public String toString() {
            return "Http[" + hint() + "]";
        }
    }

    /**
     * @param tls from the first byte on
     * @param plain never encrypted; else STARTTLS must be offered
     * @param user null where the server wants no login
     */
    record Mail(
            String host,
            int port,
            boolean tls,
            boolean plain,
            @Nullable String user,
            @Nullable String password,
            String from,
            List<String> to)
            implements Address {

        public Mail {
            to = List.copyOf(to);
        }

        @Override
        public String hint() {
            return (tls ? "smtps://" : "smtp://") + host + ":" + port + " to " + to.size()
                    + (to.size() == 1 ? " address" : " addresses");
        }

        @Override
        public boolean encrypted() {
            return !plain;
        }

        @Override
        public boolean isUsualPort() {
            return List.of(25, 465, 587, 2525).contains(port);
        }

        @Override
        public String toString() {
            return "Mail[" + hint() + "]";
        }
    }
}
