package dev.redrive.transform;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.internal.operators.BinaryOperator;
import net.thisptr.jackson.jq.internal.tree.FunctionCall;
import net.thisptr.jackson.jq.internal.tree.FunctionDefinition;
import org.jspecify.annotations.Nullable;

/**
 * Goes through a program that the library has read: makes its operators exact, and finds calls of functions that there
 * are not, which the library itself only says when it comes to them. By reflection, because the library has no visitor;
 * {@code TransformTest} fails where a newer version keeps its parts in another way.
 */
final class ProgramParts {

    private static final String LIBRARY = "net.thisptr.jackson.jq.";

    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Deque<Object> rest = new ArrayDeque<>();
    private final List<Call> calls = new ArrayList<>();
    private final Set<Call> defined = new HashSet<>();

    private record Call(String name, int arguments) {}

    static ProgramParts madeExact(Object program) {
        var parts = new ProgramParts();
        try {
            parts.walk(program);
        } catch (ReflectiveOperationException otherVersion) {
            throw new IllegalStateException("jackson-jq keeps its programs in another way", otherVersion);
        }
        return parts;
    }

    /** @return {@code name/arguments} of the first function that is called and not there */
    Optional<String> unknown(Scope scope) {
        return calls.stream()
                .filter(call -> !defined.contains(call) && scope.getFunction(call.name(), call.arguments()) == null)
                .map(call -> call.name() + "/" + call.arguments())
                .findFirst();
    }

    private void walk(Object program) throws ReflectiveOperationException {
        add(program);
        while (!rest.isEmpty()) {
            var part = rest.pop();
            if (part instanceof Collection<?> several) {
                several.forEach(this::add);
                continue;
            }
            note(part);
            for (Class<?> type = part.getClass(); type != null && isTheirs(type); type = type.getSuperclass()) {
                for (var field : type.getDeclaredFields()) {
                    look(part, field);
                }
            }
        }
    }

    private void add(@Nullable Object part) {
        if (part != null && (part instanceof Collection<?> || isTheirs(part.getClass())) && seen.add(part)) {
            rest.push(part);
        }
    }

    private static boolean isTheirs(Class<?> type) {
        return type.getName().startsWith(LIBRARY) && !Scope.class.isAssignableFrom(type) && !type.isEnum();
    }

    private void look(Object part, Field field) throws ReflectiveOperationException {
        if (Modifier.isStatic(field.getModifiers()) || field.getType().isPrimitive()) {
            return;
        }
        field.setAccessible(true);
        var value = field.get(part);
        if (value instanceof BinaryOperator operator) {
            if (!(operator instanceof ExactOperator)) {
                field.set(part, new ExactOperator(operator));
            }
        } else if (value instanceof JsonNode number && number.isIntegralNumber()) {
            field.set(part, new WrittenNumber(number.asText()));
        } else {
            add(value);
        }
    }

    private void note(Object part) throws ReflectiveOperationException {
        if (part instanceof FunctionCall && field(part, "moduleName") == null) {
            calls.add(new Call(
                    String.valueOf(field(part, "name")), several(part, "args").size()));
        } else if (part instanceof FunctionDefinition) {
            var arguments = several(part, "args");
            defined.add(new Call(String.valueOf(field(part, "fname")), arguments.size()));
            arguments.forEach(argument -> defined.add(new Call(String.valueOf(argument), 0)));
        }
    }

    private static Collection<?> several(Object part, String name) throws ReflectiveOperationException {
        return field(part, name) instanceof Collection<?> several ? several : List.of();
    }

    private static @Nullable Object field(Object part, String name) throws ReflectiveOperationException {
        var field = part.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(part);
    }
}
