// The parts of a random company, each read from its own genes; internal to Worlds. The order of
// calls is that of MakeWorld.
#ifndef TESTS_PROPERTY_WORLD_PARTS_H_
#define TESTS_PROPERTY_WORLD_PARTS_H_

#include <string>

#include "tests/property/genes.h"
#include "tests/property/worlds.h"

namespace rollcall::property {

std::string PersonName(size_t place);

// Which directories there are, of which kinds, with their rules and policies.
void AddLayout(Genes& genes, const WorldOptions& options, World& world);
// The groups of the export and of the directories, without people.
void AddCircles(Genes& genes, World& world);
void AddToCircles(Genes& genes, const std::string& person, World& world);
// The accounts of the last person, one a directory, with that number in their ids.
void AddAccountsOf(Genes& genes, size_t number, World& world);
void AddStray(Genes& genes, World& world);
// Which groups are managed.
void AddRules(Genes& genes, World& world);
void AddGuards(Genes& genes, World& world);
// A link, a hold, or something that an earlier run left.
void AddMemory(Genes& genes, World& world);
// Lets links of one account be one, and decides what was applied before.
void FinishMemory(Genes& genes, const WorldOptions& options, World& world);

}  // namespace rollcall::property

#endif  // TESTS_PROPERTY_WORLD_PARTS_H_
