package dev.redrive.replay;

import java.util.ArrayList;
import java.util.List;

/** Cuts claims into transactions: at most 4 MiB each, in order; what is larger goes alone. */
final class Batches {

    static final long MOST_BYTES = 4 * 1024 * 1024;

    private Batches() {}

    static List<List<Claim>> of(List<Claim> claims, Mode mode) {
        long most = mode.isTransactional() ? MOST_BYTES : 0;
        var batches = new ArrayList<List<Claim>>();
        var batch = new ArrayList<Claim>();
        long size = 0;
        for (var claim : claims) {
            if (!batch.isEmpty() && size + claim.size() >= most) {
                batches.add(List.copyOf(batch));
                batch.clear();
                size = 0;
            }
            batch.add(claim);
            size += claim.size();
        }
        batches.add(List.copyOf(batch));
        return batches;
    }
}
