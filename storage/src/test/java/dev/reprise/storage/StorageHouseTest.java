package dev.reprise.storage;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The walls inside this room. */
@Timeout(60)
class StorageHouseTest {
  private static final JavaClasses STORAGE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.reprise.storage");

  @Test
  void onlyTheStoreOnDiskKnowsRocksDb() {
    noClasses()
        .that()
        .resideOutsideOfPackage("..storage.kv.rocksdb..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.rocksdb..")
        .because("native handles need a guard, and there is one")
        .check(STORAGE);
  }

  @Test
  void orderedBytesKnowNoTables() {
    noClasses()
        .that()
        .resideInAPackage("..storage.kv..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("..storage.model..", "..storage.table..", "..storage.codec..")
        .check(STORAGE);
  }

  @Test
  void noStoreKnowsAnother() {
    noClasses()
        .that()
        .resideInAPackage("..storage.kv.memory..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("..storage.kv.rocksdb..")
        .check(STORAGE);
  }

  @Test
  void noTwoPackagesNeedEachOther() {
    slices().matching("dev.reprise.storage.(**)").should().beFreeOfCycles().check(STORAGE);
  }
}
