package dev.redrive.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A body that may take hours as a whole, and must never stand still for longer than the patience. */
final class Streaming {

    private static final int CHUNK = 64 << 10;

    private final InputStream body;
    private final Duration patience;

    Streaming(InputStream body, Duration patience) {
        this.body = body;
        this.patience = patience;
    }

    /** Returns at the end of the body; the sink stays open. */
    void to(OutputStream sink) throws IOException {
        var reader = Executors.newSingleThreadExecutor(task -> {
            var thread = new Thread(task, "body");
            thread.setDaemon(true);
            return thread;
        });
        try {
            var chunk = new byte[CHUNK];
            while (true) {
                int read = reader.submit(() -> body.read(chunk)).get(patience.toMillis(), TimeUnit.MILLISECONDS);
                if (read < 0) {
                    sink.flush();
                    return;
                }
                sink.write(chunk, 0, read);
            }
        } catch (TimeoutException e) {
            throw new HttpTimeoutException("nothing came for " + patience.toSeconds() + " s");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            reader.shutdownNow();
        }
    }
}
