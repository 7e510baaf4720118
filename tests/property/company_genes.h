// CompanyGenes: the genes of a random company, and how RapidCheck draws and shrinks them. Shrinking
// makes one pass: it leaves out people, stray accounts and memories one by one, then makes ever
// smaller runs of genes ordinary (zero). What fails is small after at most a thousand tries.
#ifndef TESTS_PROPERTY_COMPANY_GENES_H_
#define TESTS_PROPERTY_COMPANY_GENES_H_

#include <rapidcheck.h>

#include <cstddef>
#include <vector>

#include "tests/property/genes.h"

namespace rollcall::property {

struct CompanyGenes {
  GeneString configuration;
  std::vector<GeneString> people;  // an empty one was left out; the others keep their places
  std::vector<GeneString> strays;
  std::vector<GeneString> memories;
};

// How many of a kind at most, and how many genes each has.
struct RunShape {
  size_t most = 0;
  size_t genes = 0;
};
struct CompanyShape {
  size_t configuration = 0;
  RunShape people;
  RunShape strays;
  RunShape memories;
};

rc::Gen<CompanyGenes> Companies(const CompanyShape& shape);

}  // namespace rollcall::property

#endif  // TESTS_PROPERTY_COMPANY_GENES_H_
