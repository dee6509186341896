package dev.redrive.audit;

import dev.redrive.http.Call;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;

/**
 * Streams the audit as NDJSON, one event a line, newest first. The next page is read only when the client has taken
 * the last, and no transaction is held open for it: events that are added meanwhile are newer and not part of it.
 */
final class AuditExport {

    private static final int PAGE = 500;

    private final AuditListStore lists;

    AuditExport(AuditListStore lists) {
        this.lists = lists;
    }

    /** Done when everything was handed over, or the client went away. */
    Future<Void> send(Call call, AuditListStore.Filter filter) {
        var response = call.response();
        // The first page decides between an answer and a problem.
        return lists.page(filter, Long.MAX_VALUE, PAGE).compose(first -> {
            response.setChunked(true)
                    .putHeader("Content-Type", "application/x-ndjson")
                    .putHeader("Content-Disposition", "attachment; filename=\"redrive-audit.ndjson\"");
            var sent = Promise.<Void>promise();
            next(response, filter, first, sent);
            return sent.future();
        });
    }

    private void next(
            HttpServerResponse response,
            AuditListStore.Filter filter,
            List<AuditStore.Entry> page,
            Promise<Void> sent) {
        var lines = Buffer.buffer();
        page.forEach(
                entry -> lines.appendBuffer(AuditJson.entry(entry).toBuffer()).appendByte((byte) '\n'));
        if (page.size() < PAGE) {
            response.end(lines).onComplete(done -> sent.tryComplete());
            return;
        }
        response.write(lines)
                .compose(taken -> lists.page(filter, page.get(page.size() - 1).id(), PAGE))
                .onSuccess(more -> next(response, filter, more, sent))
                .onFailure(failure -> {
                    // The head is sent, so a reset is the only way to say that something is missing.
                    response.reset();
                    sent.tryComplete();
                });
    }
}
