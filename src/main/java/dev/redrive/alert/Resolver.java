package dev.redrive.alert;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Asks a name server for every address of a host, IPv4 and IPv6. */
interface Resolver {

    /** @return never empty; fails with {@link java.net.UnknownHostException} */
    Future<List<InetAddress>> resolve(String host);

    /** The machine's own, off the event loop. */
    static Resolver of(Vertx vertx) {
        return host -> vertx.executeBlocking(() -> List.of(InetAddress.getAllByName(host)), false)
                .timeout(3, TimeUnit.SECONDS);
    }
}
