package dev.redrive.alert;

import static java.util.Objects.requireNonNull;

import dev.redrive.audit.AuditStore;
import dev.redrive.http.Call;
import dev.redrive.http.Idempotency;
import dev.redrive.http.RefusedException;
import dev.redrive.http.Reply;
import dev.redrive.http.Routes;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The adding of endpoints. What is kept of the answer, for whoever lost it and asks again, holds the secret sealed. */
final class EndpointCreationRoutes implements Routes {

    /** Each has a loop of its own on every process. */
    private static final int MOST = 50;

    private final EndpointDeskStore store;
    private final EndpointKeeper keeper;
    private final AuditStore audit;
    private final Idempotency idempotency;

    EndpointCreationRoutes(EndpointDeskStore store, EndpointKeeper keeper, AuditStore audit) {
        this.store = store;
        this.keeper = keeper;
        this.audit = audit;
        this.idempotency = new Idempotency(store.pool());
    }

    @Override
    public void bindTo(RouterBuilder routes) {
        routes.getRoute("createWebhook").addHandler(Call.answering(this::create));
    }

    private Future<Reply> create(Call call) {
        return idempotency.once(call, connection -> add(connection, call)).map(this::revealed);
    }

    /** The name server is asked while nothing is locked but the key. */
    private Future<Reply> add(SqlConnection connection, Call call) {
        var edit = EndpointEdit.of(call.body());
        var kind = EndpointKind.of(call.body().getString("kind"));
        var seal = UUID.randomUUID();
        return keeper.keep(kind, call.body().getString("address"), seal).compose(kept -> {
            var secret = kind == EndpointKind.WEBHOOK ? keeper.secret(seal).sealed() : null;
            return requireRoom(connection)
                    .compose(room -> EndpointRoutes.requireOwner(store, connection, edit, null))
                    .compose(owner -> store.add(connection, edit, kind, seal, kept, secret))
                    .compose(added -> store.read(connection, added.orElseThrow(() -> EndpointRoutes.taken(edit))))
                    .compose(row -> audit.record(connection, EndpointRoutes.event(call, "webhook-added", row))
                            .map(recorded -> created(row, seal, secret)));
        });
    }

    private Future<Void> requireRoom(SqlConnection connection) {
        return store.count(connection)
                .compose(endpoints -> endpoints < MOST
                        ? Future.succeededFuture()
                        : Future.failedFuture(
                                RefusedException.conflict("There are at most " + MOST + " endpoints", List.of())));
    }

    private static Reply created(Row row, UUID seal, @Nullable Buffer secret) {
        var shown = EndpointJson.of(row);
        if (secret != null) {
            shown.put("seal", seal.toString()).put("secret", secret);
        }
        return Reply.created(shown)
                .withVersion(row.getInteger("version"))
                .with("Location", EndpointRoutes.PATH + "/" + row.getInteger("id"));
    }

    private Reply revealed(Reply kept) {
        var body = requireNonNull(kept.body()).copy();
        if (body.remove("seal") instanceof String seal) {
            body.put("secret", keeper.reveal(UUID.fromString(seal), body.getBuffer("secret")));
        }
        return new Reply(kept.status(), body, kept.headers());
    }
}
