package dev.redrive.http;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who calls, as {@link Gate} found out.
 *
 * @param actor as it stands in the audit
 * @param auth {@code none}, {@code token} or {@code session}
 * @param permissions words of the contract's Me
 * @param csrfToken what a changing request of this session must repeat; null without a session cookie
 */
public record Caller(
        String actor,
        String auth,
        Set<String> permissions,
        @Nullable String csrfToken) {

    /** {@code auth} of a caller who sent the token itself with the request. */
    public static final String BEARER = "token";

    public Caller {
        permissions = Set.copyOf(permissions);
    }
}
