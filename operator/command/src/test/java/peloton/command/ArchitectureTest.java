package peloton.command;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;

/** Which part may know which; this module sees all of them. */
@AnalyzeClasses(packages = "peloton", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  /** The reconcilers: the store, desired state and the loops. */
  private static final String[] RECONCILERS = {
    "peloton.records..",
    "peloton.store..",
    "peloton.desired..",
    "peloton.loop..",
    "peloton.job..",
    "peloton.pod..",
    "peloton.placement..",
    "peloton.entitlement..",
    "peloton.admission..",
    "peloton.preemption..",
    "peloton.workflow.."
  };

  private static final String[] POOLS = {
    "peloton.entitlement..", "peloton.admission..", "peloton.preemption.."
  };

  private static final String[] MESOS_DRIVER = {"peloton.mesos.driver.."};
  private static final String[] LOCAL_MESOS = {"peloton.mesos.local.."};
  private static final String[] OPERATOR = {"peloton.operator..", "peloton.command.."};

  private static final String[] KUBERNETES = {"io.fabric8..", "io.javaoperatorsdk.."};
  private static final String[] ETCD = {"io.etcd..", "peloton.store.etcd.."};

  @ArchTest
  static final ArchRule reconcilersKnowNoGrpcServers =
      noClasses()
          .that(
              resideInAnyPackage(RECONCILERS).and(resideOutsideOfPackages("peloton.store.etcd..")))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.grpc..")
          .because("gRPC is one of three doors; what is behind them must not care which was taken");

  @ArchTest
  static final ArchRule reconcilersKnowNeitherKubernetesNorTheOperator =
      noClasses()
          .that(resideInAnyPackage(RECONCILERS))
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(KUBERNETES)
                  .or(resideInAnyPackage(OPERATOR))
                  .or(resideInAnyPackage(LOCAL_MESOS)));

  @ArchTest
  static final ArchRule placementKnowsNothingButTheApi =
      noClasses()
          .that()
          .resideInAPackage("peloton.placement..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("peloton..", "java.io..", "java.net..", "org.slf4j..")
                  .and(resideOutsideOfPackages("peloton.placement..", "peloton.api..")))
          .because("a placement is worked out from what is handed in, and from nothing else");

  @ArchTest
  static final ArchRule poolsKnowNothingButTheApi =
      noClasses()
          .that()
          .resideInAnyPackage(POOLS)
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("peloton..", "java.io..", "java.net..", "org.slf4j..")
                  .and(resideOutsideOfPackages(POOLS))
                  .and(resideOutsideOfPackages("peloton.api..")))
          .because("who may use what is worked out from what is handed in, and from nothing else");

  @ArchTest
  static final ArchRule onlyTheStoreKnowsEtcd =
      noClasses()
          .that(resideOutsideOfPackages("peloton.store.etcd.."))
          .and()
          .resideOutsideOfPackage("peloton.operator.process..")
          .and()
          .resideOutsideOfPackage("peloton.command.bench..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(ETCD)
          .because("everything else talks to the KeyValueStore port");

  @ArchTest
  static final ArchRule theMesosDriverKnowsNeitherEtcdNorJobs =
      noClasses()
          .that(resideInAnyPackage(MESOS_DRIVER))
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(RECONCILERS)
                  .or(resideInAnyPackage(ETCD))
                  .or(resideInAnyPackage(KUBERNETES))
                  .or(resideInAnyPackage(OPERATOR))
                  .or(resideInAnyPackage(LOCAL_MESOS))
                  .or(resideInAnyPackage("peloton.api..", "io.grpc..")));

  @ArchTest
  static final ArchRule theLocalMesosKnowsNothingButTheProtocol =
      noClasses()
          .that(resideInAnyPackage(LOCAL_MESOS))
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("peloton..", "io.grpc..", "io.etcd..")
                  .and(resideOutsideOfPackages(LOCAL_MESOS)));

  @ArchTest
  static final ArchRule theApiKnowsNobody =
      noClasses()
          .that()
          .resideInAPackage("peloton.api..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(RECONCILERS)
                  .or(resideInAnyPackage(MESOS_DRIVER))
                  .or(resideInAnyPackage(LOCAL_MESOS))
                  .or(resideInAnyPackage(OPERATOR)));

  @ArchTest
  static final ArchRule theServerDoesNotKnowTheCommand =
      noClasses()
          .that()
          .resideInAPackage("peloton.operator..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("peloton.command..", "peloton.mesos.local..");

  @ArchTest
  static final ArchRule nobodyButTheEdgesReadsTheWallClock =
      noClasses()
          .that(resideOutsideOfPackages(OPERATOR))
          .should()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(Clock.class, "systemUTC")
          .orShould()
          .callMethod(Thread.class, "sleep", long.class)
          .because("time comes through InstantSource and injected timers");

  @ArchTest
  static final ArchRule reconcilersAreGivenTheirClock =
      noClasses()
          .that(resideInAnyPackage(RECONCILERS))
          .should()
          .callMethod(InstantSource.class, "system");

  /** Deciders are tables: what is in front of them is all that they know. */
  @ArchTest
  static final ArchRule decidersAreArithmetic =
      noClasses()
          .that()
          .haveSimpleNameEndingWith("Decider")
          .and(resideInAnyPackage(RECONCILERS))
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                      "java.io..",
                      "java.net..",
                      "java.nio.file..",
                      "java.util.concurrent..",
                      "org.slf4j..",
                      "peloton.mesos.driver..")
                  .or(
                      com.tngtech.archunit.base.DescribedPredicate.describe(
                          "clocks and randomness",
                          c ->
                              c.isAssignableTo(InstantSource.class)
                                  || c.isAssignableTo(java.util.random.RandomGenerator.class))));

  @ArchTest
  static void packagesOfTheCommandHaveNoCycles(JavaClasses classes) {
    slices().matching("peloton.command.(*)..").should().beFreeOfCycles().check(classes);
  }
}
