package dev.redrive.replay;

import dev.redrive.letter.Content;
import dev.redrive.letter.LetterContent;
import dev.redrive.letter.LetterContentStore;
import dev.redrive.letter.Storage;
import dev.redrive.replay.Preflight.Loaded;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The bytes that replays send: those of a draft, or the letter's own. */
final class ReplayContents {

    private final Pool pool;
    private final DraftStore drafts;

    ReplayContents(Pool pool, DraftStore drafts) {
        this.pool = pool;
        this.drafts = drafts;
    }

    /** @param claims bounded by the caller: all of their bytes are held in memory. @return in the same order */
    Future<List<Loaded>> load(List<Claim> claims) {
        var letterIds = claims.stream()
                .filter(claim -> claim.draftId() == null)
                .map(Claim::letterId)
                .toList();
        var draftIds =
                claims.stream().map(Claim::draftId).filter(Objects::nonNull).toList();
        var letters = LetterContentStore.contents(pool, letterIds);
        var edits = drafts.contents(draftIds);
        return Future.all(letters, edits)
                .map(found -> claims.stream()
                        .map(claim -> new Loaded(claim, content(claim, letters.result(), edits.result())))
                        .toList());
    }

    private static @Nullable Content content(Claim claim, Map<Long, LetterContent> letters, Map<Long, Content> drafts) {
        var draftId = claim.draftId();
        if (draftId != null) {
            return drafts.get(draftId);
        }
        var letter = letters.get(claim.letterId());
        return letter == null ? null : sendable(letter);
    }

    /** @return what a replay sends if nobody edited it; null where the bytes are not stored */
    static @Nullable Content sendable(LetterContent letter) {
        return letter.storage() == Storage.POINTER && letter.unwrapped() == null ? null : letter.payload();
    }
}
