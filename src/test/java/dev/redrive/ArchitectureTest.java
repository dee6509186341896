package dev.redrive;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.vertx.sqlclient.Query;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Who may know whom, and what nobody does. */
class ArchitectureTest {

    private static final String ROOT = "dev.redrive";
    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    private static final Set<String> TECHNICAL = Set.of("http", "kafka", "postgres", "access", "audit", "filter");

    /** Features besides those of {@link #TECHNICAL}, which each of them may use. A package that is missing here fails. */
    private static final Map<String, Set<String>> FEATURES = Map.ofEntries(
            Map.entry("convention", Set.of("letter")),
            Map.entry("grouping", Set.of("letter", "job")),
            Map.entry("ingest", Set.of("letter", "convention", "grouping")),
            Map.entry("job", Set.of("letter")),
            Map.entry("replay", Set.of("letter", "job", "transform")),
            Map.entry("alert", Set.of("letter", "grouping", "cluster")),
            Map.entry("cluster", Set.of("letter", "job")),
            Map.entry("overview", Set.of("letter", "cluster")),
            Map.entry("retention", Set.of("letter", "job")),
            Map.entry("transfer", Set.of("letter", "job", "ingest", "grouping")),
            Map.entry("transform", Set.of()),
            Map.entry("view", Set.of()));

    /** The audit writes down what happens to letters, so it knows them; hence letters do not know the audit. */
    private static final Map<String, Set<String>> OTHERS = Map.of(
            "letter", Set.of("http", "postgres", "access", "filter"),
            "audit", Set.of("letter", "http", "postgres", "access"),
            "access", Set.of("http", "postgres"),
            "http", Set.of("postgres"),
            "kafka", Set.of(),
            "postgres", Set.of(),
            // A client of the HTTP API, as a runbook is: it knows the contract and nobody here.
            "cli", Set.of(),
            "filter", Set.of());

    static final List<String> PACKAGES = Stream.of(FEATURES, OTHERS)
            .flatMap(arrows -> arrows.keySet().stream())
            .sorted()
            .toList();

    @ParameterizedTest
    @FieldSource("PACKAGES")
    void aPackageKnowsOnlyThoseItsArrowsPointAt(String name) {
        var known = new HashSet<>(FEATURES.getOrDefault(name, OTHERS.getOrDefault(name, Set.of())));
        if (FEATURES.containsKey(name)) {
            known.addAll(TECHNICAL);
        }
        known.add(name);
        classes()
                .that()
                .resideInAPackage(ROOT + "." + name + "..")
                .should()
                .onlyDependOnClassesThat(describe(
                        "are its own, of " + known + " or not ours",
                        used -> used.getPackageName().equals(ROOT)
                                ? !isWiring(used)
                                : featureOf(used).map(known::contains).orElse(true)))
                .allowEmptyShould(true)
                .check(MAIN);
    }

    /** What starts the parts knows all of them, so none may know it. */
    private static boolean isWiring(JavaClass used) {
        return Set.of("Redrive", "Main", "SettingsReader", "SettingsFile")
                .contains(outermost(used).getSimpleName());
    }

    @Test
    void everyPackageHasItsArrows() {
        var packages = MAIN.stream().flatMap(type -> featureOf(type).stream()).collect(toSet());
        assertThat(PACKAGES).containsAll(packages);
    }

    @Test
    void packagesFormNoCycles() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(MAIN);
    }

    /**
     * {@link Main} waits for the end of the program, {@link Failpoint} stalls where a test asks for it, and a command is a
     * process without an event loop.
     */
    @Test
    void nobodyBlocksAnEventLoop() {
        noClasses()
                .that(describe(
                        "may run on an event loop",
                        type -> !Set.of("Main", "Failpoint")
                                        .contains(outermost(type).getSimpleName())
                                && !type.getPackageName().equals(ROOT + ".cli")))
                .should()
                .accessTargetWhere(isCall(Thread.class, "sleep|join")
                        .or(isCall(io.vertx.core.Future.class, "await"))
                        .or(isCall(CountDownLatch.class, "await"))
                        .or(isCall(KafkaFuture.class, "get"))
                        .or(isCall(Future.class, "get|join"))
                        .or(isCall(Object.class, "wait")))
                .check(MAIN);
    }

    private static DescribedPredicate<JavaAccess<?>> isCall(Class<?> type, String names) {
        return target(owner(JavaClass.Predicates.assignableTo(type)))
                .and(target(nameMatching(names)))
                .and(describe("a method", access -> access.getTarget() instanceof CodeUnitAccessTarget))
                .forSubtype();
    }

    @Test
    void onlyStoresSpeakSql() {
        noClasses()
                .that(describe(
                        "are no stores",
                        type -> !outermost(type).getSimpleName().endsWith("Store")))
                .should()
                .dependOnClassesThat(JavaClass.Predicates.assignableTo(Query.class))
                .check(MAIN);
    }

    /** {@link Main} reports settings it cannot start with before there is a log. */
    @Test
    void nobodyPrints() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(Main.class.getName())
                .and()
                .doNotHaveFullyQualifiedName(Main.class.getName() + "$Server")
                .should(ACCESS_STANDARD_STREAMS)
                .check(MAIN);
    }

    @Test
    void noSourceFileIsLongerThan300Lines() {
        var tooLong = sources()
                .filter(file -> lines(file).size() > 300)
                .collect(toMap(Path::toString, file -> lines(file).size()));
        assertThat(tooLong).isEmpty();
    }

    @Test
    void everyPackageIsNullMarked() {
        var unmarked = sources()
                .map(file -> Path.of("src").relativize(file).getParent())
                .map(folder -> folder.subpath(2, folder.getNameCount()))
                .distinct()
                .filter(folder -> Stream.of("main", "test")
                        .map(part ->
                                Path.of("src", part, "java").resolve(folder).resolve("package-info.java"))
                        .noneMatch(info -> Files.exists(info) && lines(info).contains("@NullMarked")));
        assertThat(unmarked).isEmpty();
    }

    private static Stream<Path> sources() {
        return Stream.of("main", "test").flatMap(part -> {
            try (var files = Files.walk(Path.of("src", part, "java"))) {
                return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first package below ours; empty outside and in {@code dev.redrive} itself. */
    private static Optional<String> featureOf(JavaClass type) {
        var name = type.getBaseComponentType().getPackageName();
        return name.startsWith(ROOT + ".")
                ? Optional.of(name.substring(ROOT.length() + 1).split("\\.")[0])
                : Optional.empty();
    }

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(ArchitectureTest::outermost).orElse(type);
    }
}
