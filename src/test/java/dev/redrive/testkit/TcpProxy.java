package dev.redrive.testkit;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Stands in front of a server of this machine and forwards what comes, until it is told to be a black hole. */
final class TcpProxy implements AutoCloseable {

    private static final String HERE = "127.0.0.1";

    private final Vertx vertx = Vertx.vertx();
    private final NetClient client = vertx.createNetClient();
    private final Set<NetSocket> sockets = ConcurrentHashMap.newKeySet();
    private final int target;
    private final NetServer server;
    private volatile boolean hole;

    /** @param target port of the server, which need not be there yet */
    TcpProxy(int target) {
        this.target = target;
        this.server = vertx.createNetServer()
                .connectHandler(this::forward)
                .listen(0, HERE)
                .timeout(10, TimeUnit.SECONDS)
                .await();
    }

    int port() {
        return server.actualPort();
    }

    private void forward(NetSocket in) {
        in.pause();
        client.connect(target, HERE).onFailure(refused -> in.close()).onSuccess(out -> {
            join(in, out);
            join(out, in);
            if (!hole) {
                in.resume();
            }
        });
    }

    private void join(NetSocket from, NetSocket to) {
        sockets.add(from);
        from.handler(to::write).closeHandler(closed -> {
            sockets.remove(from);
            to.close();
        });
        if (hole) {
            from.pause();
        }
    }

    /** Connections stay and new ones are taken, but no byte goes through any more. */
    void swallow() {
        hole = true;
        sockets.forEach(NetSocket::pause);
    }

    /** What was held back goes through now. */
    void forwardAgain() {
        hole = false;
        sockets.forEach(NetSocket::resume);
    }

    @Override
    public void close() {
        vertx.close().timeout(10, TimeUnit.SECONDS).await();
    }
}
