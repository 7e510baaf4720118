// Names for invented people, as they are written and as they stand in an e-mail address.
#ifndef TESTS_TWINS_COMPANY_NAMES_H_
#define TESTS_TWINS_COMPANY_NAMES_H_

namespace rollcall::twins {

struct InventedName {
  const char* written;
  const char* plain;
};

inline constexpr InventedName kGivenNames[] = {{"Ada", "ada"},           {"Björn", "bjoern"},
                                               {"Chidi", "chidi"},       {"Dilnoza", "dilnoza"},
                                               {"Élodie", "elodie"},     {"Farah", "farah"},
                                               {"Giulia", "giulia"},     {"Hannah", "hannah"},
                                               {"Ingrid", "ingrid"},     {"João", "joao"},
                                               {"Katarína", "katarina"}, {"Łukasz", "lukasz"},
                                               {"Mei", "mei"},           {"Ngozi", "ngozi"},
                                               {"Oisín", "oisin"},       {"Priya", "priya"},
                                               {"Quentin", "quentin"},   {"Rasmus", "rasmus"},
                                               {"Søren", "soeren"},      {"Tomoko", "tomoko"},
                                               {"Ümit", "uemit"},        {"Valentina", "valentina"},
                                               {"Wanjiru", "wanjiru"},   {"Ximena", "ximena"},
                                               {"Yusuf", "yusuf"},       {"Zoë", "zoe"},
                                               {"Анна", "anna"},         {"Νίκος", "nikos"}};

inline constexpr InventedName kFamilyNames[] = {
    {"Abara", "abara"},         {"Bianchi", "bianchi"},     {"Çelik", "celik"},
    {"Dvořák", "dvorak"},       {"Eriksen", "eriksen"},     {"Fontaine", "fontaine"},
    {"García", "garcia"},       {"Haddad", "haddad"},       {"Ivanova", "ivanova"},
    {"Jansen", "jansen"},       {"Kovács", "kovacs"},       {"Lindqvist", "lindqvist"},
    {"Müller", "mueller"},      {"Nguyễn", "nguyen"},       {"O'Brien", "obrien"},
    {"Papadakis", "papadakis"}, {"Quintero", "quintero"},   {"Rossi", "rossi"},
    {"Śliwa", "sliwa"},         {"Tanaka", "tanaka"},       {"Usman", "usman"},
    {"Varga", "varga"},         {"Weiß", "weiss"},          {"Yamamoto", "yamamoto"},
    {"Žukauskas", "zukauskas"}, {"de la Cruz", "delacruz"}, {"李", "li"},
    {"Åkesson", "aakesson"}};

inline constexpr const char* kDepartments[] = {"Engineering", "Finance", "Legal",   "Marketing",
                                               "Operations",  "Sales",   "Support", "Design"};

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_COMPANY_NAMES_H_
