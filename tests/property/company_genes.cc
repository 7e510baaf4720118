#include "tests/property/company_genes.h"

#include <algorithm>
#include <array>

namespace rollcall::property {
namespace {

constexpr std::array<size_t, 4> kBlocks = {64, 16, 4, 1};

int RandomBelow(rc::Random& random, int limit) {
  return static_cast<int>(random.next() % static_cast<uint64_t>(limit));
}

GeneString RandomRun(rc::Random& random, size_t length) {
  GeneString run(length);
  for (int& gene : run) gene = RandomBelow(random, kGeneValues);
  return run;
}

std::vector<GeneString> RandomRuns(rc::Random& random, const RunShape& shape) {
  std::vector<GeneString> runs(
      static_cast<size_t>(RandomBelow(random, static_cast<int>(shape.most) + 1)));
  for (GeneString& run : runs) run = RandomRun(random, shape.genes);
  return runs;
}

// The runs that may be left out, then the configuration.
std::vector<GeneString*> RunsOf(CompanyGenes& company) {
  std::vector<GeneString*> runs;
  for (std::vector<GeneString>* kind : {&company.people, &company.strays, &company.memories}) {
    for (GeneString& run : *kind) runs.push_back(&run);
  }
  runs.push_back(&company.configuration);
  return runs;
}

// One try: leave out a run, or zero a block of one.
struct Cut {
  size_t run = 0;
  size_t from = 0;
  size_t length = 0;  // 0: the whole run is left out
};

std::vector<Cut> CutsOf(CompanyGenes company) {
  std::vector<Cut> cuts;
  const std::vector<GeneString*> runs = RunsOf(company);
  for (size_t r = 0; r + 1 < runs.size(); ++r) cuts.push_back({r, 0, 0});
  for (size_t block : kBlocks) {
    for (size_t r = 0; r < runs.size(); ++r) {
      for (size_t from = 0; from < runs[r]->size(); from += block) cuts.push_back({r, from, block});
    }
  }
  return cuts;
}

// False: it changes nothing.
bool Make(const Cut& cut, CompanyGenes& company) {
  GeneString& run = *RunsOf(company)[cut.run];
  if (cut.from >= run.size()) return false;
  if (cut.length == 0) {
    run.clear();
    return true;
  }
  const auto begin = run.begin() + static_cast<ptrdiff_t>(cut.from);
  const auto end =
      run.begin() + static_cast<ptrdiff_t>(std::min(run.size(), cut.from + cut.length));
  if (std::all_of(begin, end, [](int gene) { return gene == 0; })) return false;
  std::fill(begin, end, 0);
  return true;
}

// A company, and the cuts that are still to be tried on it.
struct Shrinking {
  CompanyGenes company;
  std::shared_ptr<const std::vector<Cut>> cuts;
  size_t next = 0;
};

class Candidates {
 public:
  explicit Candidates(Shrinking from) : from_(std::move(from)) {}

  rc::Maybe<Shrinking> operator()() {
    while (from_.next < from_.cuts->size()) {
      Shrinking candidate = from_;
      candidate.next = ++from_.next;
      if (Make((*from_.cuts)[candidate.next - 1], candidate.company)) return candidate;
    }
    return rc::Nothing;
  }

 private:
  Shrinking from_;
};

}  // namespace

rc::Gen<CompanyGenes> Companies(const CompanyShape& shape) {
  return [shape](const rc::Random& seed, int) {
    rc::Random random = seed;
    Shrinking drawn;
    drawn.company = {RandomRun(random, shape.configuration), RandomRuns(random, shape.people),
                     RandomRuns(random, shape.strays), RandomRuns(random, shape.memories)};
    drawn.cuts = std::make_shared<const std::vector<Cut>>(CutsOf(drawn.company));
    rc::Shrinkable<Shrinking> tree = rc::shrinkable::shrinkRecur(
        std::move(drawn), [](const Shrinking& from) { return rc::makeSeq<Candidates>(from); });
    return rc::shrinkable::map(tree, [](const Shrinking& at) { return at.company; });
  };
}

}  // namespace rollcall::property
