package dev.tollgate;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.tollgate", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule theNeutralRecordsKnowNothingOfUs = noClasses()
            .that()
            .resideInAPackage("dev.tollgate.chat..")
            .should()
            .dependOnClassesThat()
            .resideOutsideOfPackages("dev.tollgate.chat..", "java..", "tools.jackson..", "org.jspecify..");

    @ArchTest
    static final ArchRule noDialectKnowsAnother =
            slices().matching("dev.tollgate.dialect.(*)..").should().notDependOnEachOther();

    @ArchTest
    static final ArchRule noStepKnowsTheNext =
            slices().matching("dev.tollgate.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule pricesKnowOnlyWhatIsPriced = noClasses()
            .that()
            .resideInAPackage("dev.tollgate.price..")
            .should()
            .dependOnClassesThat(resideInAPackage("dev.tollgate..")
                    .and(resideOutsideOfPackages(
                            "dev.tollgate.price..",
                            "dev.tollgate.chat..",
                            "dev.tollgate.config..",
                            "dev.tollgate.provider..",
                            "dev.tollgate.route..",
                            "dev.tollgate.tariff..")));

    @ArchTest
    static final ArchRule tariffsKnowNothingOfUs = noClasses()
            .that()
            .resideInAPackage("dev.tollgate.tariff..")
            .should()
            .dependOnClassesThat(
                    resideInAPackage("dev.tollgate..").and(resideOutsideOfPackages("dev.tollgate.tariff..")));

    @ArchTest
    static final ArchRule onlyTheEdgeSeesServlets = noClasses()
            .that()
            .resideOutsideOfPackage("dev.tollgate.servlet..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jakarta.servlet..");

    @ArchTest
    static final ArchRule onlyForwardingSeesTheHttpClient = noClasses()
            .that()
            .resideOutsideOfPackage("dev.tollgate.forward..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.hc..");

    @ArchTest
    static final ArchRule onlyLimitsSeeBuckets = noClasses()
            .that()
            .resideOutsideOfPackage("dev.tollgate.limit..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.github.bucket4j..");

    @ArchTest
    static final ArchRule onlyHealthSeesCircuits = noClasses()
            .that()
            .resideOutsideOfPackage("dev.tollgate.health..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.github.resilience4j..");

    @ArchTest
    static final ArchRule theCoreKnowsNoServerAndNoCluster = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.catalina..", "org.eclipse.jetty..", "com.hazelcast..");

    @ArchTest
    static final ArchRule nothingIsDeserialised =
            noClasses().should().dependOnClassesThat().haveFullyQualifiedName("java.io.ObjectInputStream");

    @ArchTest
    static final ArchRule nothingStartsProcesses =
            noClasses().should().dependOnClassesThat().haveFullyQualifiedName("java.lang.ProcessBuilder");

    @ArchTest
    static final ArchRule stepsAreNotImportedByTheKernelsValues = classes()
            .that()
            .haveFullyQualifiedName("dev.tollgate.Refusal")
            .or()
            .haveFullyQualifiedName("dev.tollgate.ErrorCode")
            .or()
            .haveFullyQualifiedName("dev.tollgate.Exchange")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("dev.tollgate", "java..", "org.jspecify..");
}
