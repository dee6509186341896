package dev.redrive.job;

import static java.util.Objects.requireNonNull;

import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import dev.redrive.job.LetterWorkStore.Changed;
import dev.redrive.letter.Status;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;

/** What people do to letters without sending anything: discard, restore, assign, tag, note. All of it can be undone. */
enum LetterWork implements Work {
    DISCARD("discard") {
        @Override
        Future<Map<Long, Changed>> change(SqlConnection connection, JobOrder job, List<Long> ids) {
            return LetterWorkStore.status(connection, ids, Status.OPEN, Status.DISCARDED);
        }
    },
    RESTORE("restore") {
        @Override
        Future<Map<Long, Changed>> change(SqlConnection connection, JobOrder job, List<Long> ids) {
            return LetterWorkStore.status(connection, ids, Status.DISCARDED, Status.OPEN);
        }
    },
    ASSIGN("assign") {
        @Override
        public JsonObject options(JsonObject options) {
            allow(options, "assignee");
            if (!options.containsKey("assignee")) {
                throw invalid("/options/assignee", "Say to whom; null for nobody");
            }
            return new JsonObject().put("assignee", Noted.assignee(options.getValue("assignee"), "/options/assignee"));
        }

        @Override
        Future<Map<Long, Changed>> change(SqlConnection connection, JobOrder job, List<Long> ids) {
            return LetterWorkStore.assign(connection, ids, job.options().getString("assignee"));
        }

        @Override
        String why(LockedLetter letter, JobOrder job) {
            return "was assigned like that already";
        }
    },
    TAG("tag") {
        @Override
        public JsonObject options(JsonObject options) {
            allow(options, "add", "remove");
            var add = Noted.tags(options.getValue("add", new JsonArray()), "/options/add");
            var remove = Noted.tags(options.getValue("remove", new JsonArray()), "/options/remove");
            if (add.isEmpty() && remove.isEmpty()) {
                throw invalid("/options", "Say which tags to add or to remove");
            }
            return new JsonObject().put("add", new JsonArray(add)).put("remove", new JsonArray(remove));
        }

        @Override
        Future<Map<Long, Changed>> change(SqlConnection connection, JobOrder job, List<Long> ids) {
            return LetterWorkStore.tag(
                    connection,
                    ids,
                    Noted.strings(job.options().getJsonArray("add")),
                    Noted.strings(job.options().getJsonArray("remove")));
        }

        @Override
        String why(LockedLetter letter, JobOrder job) {
            return "had these tags already, or would have more than 20";
        }
    },
    NOTE("note") {
        @Override
        public JsonObject options(JsonObject options) {
            allow(options, "text");
            return new JsonObject().put("text", Noted.text(options.getValue("text"), "/options/text"));
        }

        @Override
        Future<Map<Long, Changed>> change(SqlConnection connection, JobOrder job, List<Long> ids) {
            return LetterWorkStore.note(
                    connection, ids, job.actor(), job.options().getString("text"), job.id());
        }

        @Override
        Future<Map<Long, Changed>> changeBack(SqlConnection connection, JobOrder job, List<Long> ids) {
            return LetterWorkStore.changeNotesBack(connection, ids, undone(job), job.id());
        }
    };

    private final String type;

    LetterWork(String type) {
        this.type = type;
    }

    @Override
    public String type() {
        return type;
    }

    @Override
    public JsonObject options(JsonObject options) {
        allow(options);
        return new JsonObject();
    }

    @Override
    public boolean isUndoable() {
        return true;
    }

    abstract Future<Map<Long, Changed>> change(SqlConnection connection, JobOrder job, List<Long> ids);

    Future<Map<Long, Changed>> changeBack(SqlConnection connection, JobOrder job, List<Long> ids) {
        return LetterWorkStore.putBack(connection, ids, undone(job));
    }

    private static UUID undone(JobOrder job) {
        return requireNonNull(job.undoes());
    }

    /** Why a letter was not changed. */
    String why(LockedLetter letter, JobOrder job) {
        return "is " + letter.status().word();
    }

    @Override
    public Future<Outcome> apply(SqlConnection connection, JobOrder job, List<LockedLetter> letters) {
        return outcome(letters, ids -> change(connection, job, ids), job);
    }

    @Override
    public Future<Outcome> undo(SqlConnection connection, JobOrder job, List<LockedLetter> letters) {
        return outcome(letters, ids -> changeBack(connection, job, ids), job);
    }

    private Future<Outcome> outcome(
            List<LockedLetter> letters, Function<List<Long>, Future<Map<Long, Changed>>> change, JobOrder job) {
        return change.apply(letters.stream().map(LockedLetter::id).toList()).map(changed -> {
            var done = new ArrayList<Done>();
            var left = new ArrayList<Left>();
            for (var letter : letters) {
                var now = changed.get(letter.id());
                if (now == null) {
                    left.add(new Left(letter.id(), why(letter, job), false));
                } else {
                    done.add(new Done(letter.id(), now.version(), now.before()));
                }
            }
            return new Outcome(done, left);
        });
    }

    private static void allow(JsonObject options, String... known) {
        for (var name : options.fieldNames()) {
            if (Stream.of(known).noneMatch(name::equals)) {
                throw invalid("/options/" + name, "Not an option of this job");
            }
        }
    }

    private static RefusedException invalid(String pointer, String detail) {
        return RefusedException.invalidField(ProblemCode.VALIDATION_FAILED, pointer, detail);
    }
}
